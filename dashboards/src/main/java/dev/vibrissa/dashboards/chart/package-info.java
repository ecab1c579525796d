/**
 * Charts as the server draws them: shapes with their text, which a template turns into SVG and escapes, and the same
 * numbers as a table behind each. Nothing here knows where numbers come from.
 */
@NullMarked
package dev.vibrissa.dashboards.chart;

import org.jspecify.annotations.NullMarked;
