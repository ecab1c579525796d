package dev.vibrissa.dashboards.chart;

import java.util.List;

/**
 * A picture with its words and the table behind it.
 *
 * @param id of the element, and the name of exported files
 * @param title the question that it answers
 * @param about unit, window and number of observations
 * @param conclusion what one sees in it, in words
 * @param data the answer of the API that it was drawn from
 * @param columns heads of the table, with units
 */
public record Chart(
        String id,
        String title,
        String about,
        String conclusion,
        Drawing drawing,
        String data,
        List<String> columns,
        List<List<String>> rows) {}
