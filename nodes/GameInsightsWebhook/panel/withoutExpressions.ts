import type { INodeProperties } from 'n8n-workflow';

type Options = NonNullable<INodeProperties['options']>;

/**
 * The same parameters, including those inside collections, without the editor's choice to use an expression.
 * A trigger is set up before there is an event that an expression could use, and n8n never evaluates one for
 * it.
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
