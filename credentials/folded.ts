import type { INodeProperties } from 'n8n-workflow';

/**
 * A field that is only shown when a switch is on. n8n passes only shown fields to a node. So there is a
 * second field of the type `hidden`, which keeps the value. So the switch changes nothing but the form, and
 * credentials made by n8n's API need no switch.
 * @param by the name of the switch
 */
export function folded(by: string, field: INodeProperties): INodeProperties[] {
	const { displayOptions: { show = {}, ...others } = {} } = field;
	return [
		{ ...field, displayOptions: { ...others, show: { ...show, [by]: [true] } } },
		{ ...field, type: 'hidden', displayOptions: { ...others, show: { ...show, [by]: [false] } } },
	];
}
