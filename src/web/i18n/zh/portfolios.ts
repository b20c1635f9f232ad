export const portfolios = {} as const;
