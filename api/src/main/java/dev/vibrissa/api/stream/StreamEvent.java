package dev.vibrissa.api.stream;

import dev.vibrissa.changes.Subject;
import java.util.Optional;

/**
 * One thing to tell.
 *
 * @param source the name of where it comes from
 * @param next the position of that source behind it
 * @param name frame, round, failure, contradiction, or the topic of a change
 * @param json one line
 * @param subject of a change
 */
record StreamEvent(String source, long next, String name, String json, Optional<Subject> subject) {}
