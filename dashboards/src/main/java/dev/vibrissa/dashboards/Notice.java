package dev.vibrissa.dashboards;

/**
 * Something a reader may want to act on.
 *
 * @param what in a few words; operators choose their names, the template escapes them
 * @param more until when, how much
 * @param href where to act on it
 * @param link what is there
 */
public record Notice(String what, String more, String href, String link) {}
