import type { EventFormat } from './format';

/** Photon. */
export const photon: EventFormat = {
	displayName: 'Photon',
	description: 'Webhooks of Photon Realtime and PUN',
	setUp:
		'In the Photon Dashboard open Manage > Webhooks of the app. BaseUrl is the production URL of the node without /events, and events is the path of each webhook that you want. Put the header of the credential into CustomHttpHeaders. Rooms whose state is kept (IsPersistent) need a game backend: this node answers that all is well, and has no state to give back.',
	example: {
		sent: {
			ActorNr: 2,
			AppVersion: '1.0',
			AppId: '00000000-0000-0000-0000-000000000000',
			GameId: 'room-1',
			Region: 'EU',
			Type: 'Join',
			UserId: 'player-7',
			Nickname: 'Ada',
		},
		arrives: { event_type: 'Join', user_id: 'player-7' },
	},
	proof: 'API Key in a header (`CustomHttpHeaders`)',
	sources: [
		'https://doc.photonengine.com/realtime/current/gameplay/web-extensions/webhooks',
		'https://github.com/exitgames/photon.webhooks.turnbased.waws/blob/master/src/Photon.Turnbased/Models/Game.cs',
	],
	events: [''],
	fields: { eventType: ['Type'], eventId: [], userId: ['UserId'], timestamp: [] },
	acceptance: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ResultCode":0}' },
};
