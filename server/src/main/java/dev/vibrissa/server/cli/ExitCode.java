package dev.vibrissa.server.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a command ended. From 64 on the numbers are those of BSD's sysexits. */
public enum ExitCode {
    OK(0, "done, and every check passed"),
    CHECK_FAILED(1, "the command ran, and a check failed"),
    USAGE(2, "an option, a setting or an argument is wrong"),
    UNAVAILABLE(69, "something needed is missing: a JDK, Maven, the database, a file"),
    INTERNAL(70, "a fault of the program itself; --debug shows the stack trace"),
    TEMPORARY(75, "a source stopped or was refused; what is stored is whole");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** The table that closes {@code --help}. */
    static String table() {
        return Arrays.stream(values())
                .map(code -> "  %2d  %s".formatted(code.number, code.meaning))
                .collect(Collectors.joining("%n", "%nExit codes:%n", ""));
    }
}
