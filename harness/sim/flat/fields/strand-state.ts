// What a strand does.

export const none = 0;
export const working = 1;
export const waiting = 2;
export const calling = 3;
export const joining = 4;
export const wanting = 5;
