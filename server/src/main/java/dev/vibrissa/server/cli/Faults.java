package dev.vibrissa.server.cli;

import dev.vibrissa.devnet.FolderInUseException;
import dev.vibrissa.devnet.OtherNetworkException;
import dev.vibrissa.indexer.IndexerBusyException;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.write.FactsOutdatedException;
import dev.vibrissa.migrations.PostgresUnavailableException;
import dev.vibrissa.migrations.SchemaException;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.server.backup.BackupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one sentence and an exit code; the stack trace is for those who ask for it. */
final class Faults {
    private final BooleanSupplier wantsStackTraces;

    Faults(BooleanSupplier wantsStackTraces) {
        this.wantsStackTraces = wantsStackTraces;
    }

    int ofUsage(ParameterException fault, String[] arguments) {
        var command = fault.getCommandLine();
        command.getErr().println("vibrissa: " + fault.getMessage());
        command.getErr()
                .println("See: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE.number();
    }

    int ofExecution(Exception fault, CommandLine command, ParseResult parsed) {
        command.getErr().println("vibrissa: " + sentence(fault));
        if (wantsStackTraces.getAsBoolean()) {
            fault.printStackTrace(command.getErr());
        }
        return code(fault).number();
    }

    static ExitCode code(Throwable fault) {
        return switch (fault) {
            case CommandFailure failure -> failure.code();
            case OtherNetworkException _ -> ExitCode.USAGE;
            case ChainException _,
                    SourceException _,
                    CheckpointFormatException _,
                    BcsException _,
                    IndexerBusyException _ -> ExitCode.TEMPORARY;
            case BackupException _,
                    PostgresUnavailableException _,
                    SchemaException _,
                    FactsOutdatedException _,
                    SQLException _ -> ExitCode.UNAVAILABLE;
            case IOException _, UncheckedIOException _, FolderInUseException _ -> ExitCode.UNAVAILABLE;
            default -> ExitCode.INTERNAL;
        };
    }

    /** Messages of our own exceptions are sentences already; others need their class to make sense. */
    static String sentence(Throwable fault) {
        boolean ours = fault.getClass().getName().startsWith("dev.vibrissa.");
        if (fault instanceof CommandFailure || (ours && code(fault) != ExitCode.INTERNAL)) {
            return String.valueOf(fault.getMessage());
        }
        return code(fault) == ExitCode.INTERNAL
                ? "internal fault, please report it (VIBRISSA_DEBUG=1 shows where): " + firstLine(fault.toString())
                : firstLine(fault.toString());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
