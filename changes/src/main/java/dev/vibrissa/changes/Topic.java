package dev.vibrissa.changes;

import java.util.Locale;

/** What changes are about; what a listener chooses by. */
public enum Topic {
    BLOB,
    OPERATOR,
    SCORE,
    PRICE,
    GOVERNANCE;

    /** As it is written: in the column {@code change.topic}, in parameters and events. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such topic */
    static Topic ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
