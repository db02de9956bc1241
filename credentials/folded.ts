import type { INodeProperties } from 'n8n-workflow';

/**
 * A field that a switch folds away. n8n gives a node no field that is not shown, so beside it stands one of
 * the type `hidden`, which keeps what was filled in: folding changes nothing but the form, and credentials
 * made by n8n's API need no switch.
 * @param by the name of the switch
 */
export function folded(by: string, field: INodeProperties): INodeProperties[] {
	const { displayOptions: { show = {}, ...others } = {} } = field;
	return [
		{ ...field, displayOptions: { ...others, show: { ...show, [by]: [true] } } },
		{ ...field, type: 'hidden', displayOptions: { ...others, show: { ...show, [by]: [false] } } },
	];
}
