package dev.vibrissa.dashboards.chart;

import java.util.Map;

/**
 * One shape of a drawing.
 *
 * @param shape name of the SVG element
 * @param attributes of it, by name; values are escaped by the template
 * @param text inside it; operators choose their names, so the template escapes it too
 * @param title what a pointer over it is told; empty for none
 * @param href where it leads; empty for nowhere
 */
public record Mark(String shape, Map<String, String> attributes, String text, String title, String href) {
    Mark leadingTo(String href) {
        return new Mark(shape, attributes, text, title, href);
    }
}
