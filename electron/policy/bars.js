const NARROW = 640;

/**
 * How high a bar above the page is: two lines, and in a narrow window three with the buttons below.
 * @param {number} width of the window's page, in CSS pixels
 */
export const barHeight = (width) => (width < NARROW ? 116 : 56);
