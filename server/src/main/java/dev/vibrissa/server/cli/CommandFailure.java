package dev.vibrissa.server.cli;

/** Ends a command: the message is the sentence the user reads, the code is what the shell sees. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    public CommandFailure(ExitCode code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public CommandFailure(ExitCode code, String sentence, Throwable cause) {
        super(sentence, cause);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
