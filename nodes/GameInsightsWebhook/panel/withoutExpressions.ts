import type { INodeProperties } from 'n8n-workflow';

type Options = NonNullable<INodeProperties['options']>;

/**
 * The same parameters, down to those inside collections, with none that n8n's editor offers to make an
 * expression of. A trigger is set before there is any event that an expression could be about, and n8n never
 * evaluates one for it.
 */
export const withoutExpressions = (properties: readonly INodeProperties[]): INodeProperties[] =>
	properties.map(withoutExpression);

function withoutExpression(property: INodeProperties): INodeProperties {
	const { options } = property;
	return {
		...property,
		noDataExpression: true,
		...(options === undefined ? {} : { options: options.map(optionWithout) }),
	};
}

function optionWithout(option: Options[number]): Options[number] {
	if ('values' in option) return { ...option, values: withoutExpressions(option.values) };
	return 'type' in option ? withoutExpression(option) : option;
}
