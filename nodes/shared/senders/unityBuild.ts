import type { Scheme } from './scheme';

/**
 * Unity Build Automation, formerly Cloud Build. The kind of event and the delivery's id are in headers that
 * are not signed. Source: Unity's description of the `secret` of a web hook in its Build Automation API, "Add
 * hook for organization";
 * docs.unity.com/en-us/build-automation/build-automation-integrations/project-integrations.
 */
export const unityBuild: Scheme = {
	displayName: 'Unity Build Automation',
	description: 'Webhook integration of a project, once called Cloud Build',
	setUp:
		'In the Unity Dashboard add a webhook to the Project Integrations of the project. Enter the production URL of the node, choose the content type JSON, and enter the same secret there and here. Without a secret Unity signs nothing, and everything is refused.',
	recipes: [
		{
			headers: { signature: 'x-unitycloudbuild-signature' },
			form: { kind: 'single', prefix: '' },
			encoding: 'hex',
			signedContent: '{body}',
			proofs: [{ kind: 'hmac', hash: 'sha256', secretEncoding: 'utf8' }],
		},
	],
	timestamp: null,
	secretIsChosenByUser: true,
	repeatsOn: 'unsaid',
	event: ({ header }) => ({
		type: header('x-unitycloudbuild-event'),
		id: header('x-unitycloudbuild-deliveryid'),
	}),
};
