import { amplitude } from './amplitude';
import { cloudEvents } from './cloudEvents';
import { gameAnalytics } from './gameAnalytics';
import { googleAnalytics4 } from './googleAnalytics4';
import { mixpanel } from './mixpanel';
import { photon } from './photon';
import { playFab } from './playFab';
import { postHog } from './postHog';
import { rudderStack } from './rudderStack';
import { segment } from './segment';
import { unityAnalytics } from './unityAnalytics';
import type { EventFormat } from './format';

/** All event formats with a record, by the value of the node's parameter `eventFormat`. */
export const FORMATS: ReadonlyMap<string, EventFormat> = new Map(
	Object.entries<EventFormat>({
		amplitude,
		cloudEvents,
		gameAnalytics,
		googleAnalytics4,
		mixpanel,
		photon,
		playFab,
		postHog,
		rudderStack,
		segment,
		unityAnalytics,
	}),
);
