package dev.vibrissa.verifier.node;

/** Texts that a stranger chose, made fit for logs, pages and columns. */
public final class Texts {
    private static final int SHOWN_CHARS = 200;

    private Texts() {}

    /** Shortened, and without characters that steer terminals. */
    public static String shown(String text) {
        String cut = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "…" : text;
        var clean = new StringBuilder(cut.length());
        cut.codePoints()
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? ' ' : each)
                .map(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE ? '?' : each)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
