/** Share of its colour that an area keeps; the rest is paper. What is planned is lighter than what was. */
export const planShare = 0.55
export const historyShare = 0.92
