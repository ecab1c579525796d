package dev.vibrissa.api.problem;

import dev.vibrissa.api.problem.Problem.Kind;

/** A request that is answered with a problem document. */
public final class ProblemException extends RuntimeException {
    private static final int SHOWN = 100;

    private final transient Problem problem;

    private ProblemException(Problem problem) {
        super(problem.detail(), null, false, false); // an answer, not a fault: nobody reads its stack
        this.problem = problem;
    }

    /** Of HTTP, 4xx or 5xx. */
    public int status() {
        return problem.status();
    }

    Problem problem() {
        return problem;
    }

    /** 400: the parameter {@code field} cannot be read. */
    public static ProblemException badInput(String field, String detail) {
        return new ProblemException(Problem.of(Kind.BAD_INPUT, detail).withField(field));
    }

    /** 403: it takes a signature or a token that is not there or not true. */
    public static ProblemException forbidden(String detail) {
        return new ProblemException(Problem.of(Kind.FORBIDDEN, detail));
    }

    /** 401: it takes a key, and none was sent, or one that is not known. */
    public static ProblemException unauthorized(String detail) {
        return new ProblemException(Problem.of(Kind.UNAUTHORIZED, detail));
    }

    /** 410: it was there once. */
    public static ProblemException gone(String detail) {
        return new ProblemException(Problem.of(Kind.GONE, detail));
    }

    /** 429: there is no room for one more. */
    public static ProblemException tooMany(String detail) {
        return new ProblemException(Problem.of(Kind.TOO_MANY, detail));
    }

    /** 429: requests came faster than they are answered. */
    public static ProblemException tooOften(String detail) {
        return new ProblemException(Problem.of(Kind.TOO_OFTEN, detail));
    }

    /** 504: it is more than one request may take. */
    public static ProblemException tookTooLong(String detail) {
        return new ProblemException(Problem.of(Kind.TOOK_TOO_LONG, detail));
    }

    /** 404: the thing named by the path does not exist. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(Kind.NOT_FOUND, detail));
    }

    /** 404: the state asked for lies outside what is indexed. */
    public static ProblemException notIndexed(String detail) {
        return new ProblemException(Problem.of(Kind.NOT_INDEXED, detail));
    }

    /** 503: the database is empty. */
    public static ProblemException nothingIndexed() {
        return new ProblemException(Problem.of(
                Kind.NOTHING_INDEXED, "no checkpoint is indexed yet: ingest some, or wait until the indexer has"));
    }

    /** User input fit to be shown in a message. */
    public static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
