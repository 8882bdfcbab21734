const NARROW = 640;

/**
 * Height of a bar above the page: two lines, or in a narrow window three with the buttons below.
 * @param {number} width of the window's page, in CSS pixels
 */
export const barHeight = (width) => (width < NARROW ? 116 : 56);
