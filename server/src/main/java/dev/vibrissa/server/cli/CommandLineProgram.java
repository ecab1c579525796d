package dev.vibrissa.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The whole command line, with where it reads its settings and where it writes. */
public final class CommandLineProgram {
    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;

    public CommandLineProgram(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    public static CommandLineProgram fromEnvironment() {
        return new CommandLineProgram(
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    /** Runs one command and returns the exit code of the process. */
    public int run(String... arguments) {
        try {
            return commandLine().execute(arguments);
        } catch (CommandFailure unusableSettings) {
            err.println("vibrissa: " + unusableSettings.getMessage());
            return unusableSettings.code().number();
        }
    }

    private CommandLine commandLine() {
        var settings = Settings.read(environment);
        var root = new Vibrissa(settings.isDebug());
        var faults = new Faults(root::isDebug);
        var program = new CommandLine(root)
                .addSubcommand(new UpCommand(settings))
                .addSubcommand(new IngestCommand(settings))
                .addSubcommand(new DevnetCommand(settings))
                .addSubcommand(new RebuildCommand(settings))
                .addSubcommand(new ExportCommand(settings))
                .addSubcommand(new BackupCommand(settings))
                .addSubcommand(new RestoreCommand(settings))
                .addSubcommand(new BlobIdCommand())
                .addSubcommand(new EncodeCommand())
                .addSubcommand(new DecodeCommand())
                .addSubcommand(new VerifySliverCommand())
                .addSubcommand(new ConformanceCommand())
                .addSubcommand(new VerifyEvidenceCommand())
                .addSubcommand(new VerifyLogCommand())
                .addSubcommand(new VerifyDossierCommand())
                .addSubcommand(new ReplayCommand(settings))
                .addSubcommand(new RecomputeCommand(settings))
                .addSubcommand(new MaintenanceCommand(settings))
                .addSubcommand(new CommandLine(new ProverCommand.Group())
                        .addSubcommand(new ProverCommand.Admit(settings))
                        .addSubcommand(new ProverCommand.Listing(settings))
                        .addSubcommand(new ProverCommand.Revoke(settings)))
                .addSubcommand(new CommandLine(new EventBlobsCommand.Group())
                        .addSubcommand(new EventBlobsCommand.Fetch(settings))
                        .addSubcommand(new EventBlobsCommand.Replay())
                        .addSubcommand(new EventBlobsCommand.Snapshot(settings))
                        .addSubcommand(new EventBlobsCommand.Verify()))
                .addSubcommand(new CommandLine(new ApiKeyCommand.Group())
                        .addSubcommand(new ApiKeyCommand.Create(settings))
                        .addSubcommand(new ApiKeyCommand.Listing(settings))
                        .addSubcommand(new ApiKeyCommand.Revoke(settings)))
                .addSubcommand(new LauncherCommand.Bench())
                .addSubcommand(new LauncherCommand.Test())
                .setOut(out)
                .setErr(err)
                .setDefaultValueProvider(settings)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(faults::ofUsage)
                .setExecutionExceptionHandler(faults::ofExecution);
        program.getCommandSpec().usageMessage().footer(ExitCode.table().split("\\R", -1));
        settings.refuseUnknownKeys(program);
        return program;
    }

    /** Says what there is; the work is in the commands. */
    @Command(
            name = "vibrissa",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            scope = ScopeType.INHERIT,
            sortOptions = false,
            description = "Indexer, verifier and analytics for Walrus, the blob store coordinated on Sui.")
    static final class Vibrissa implements Runnable {
        @Option(
                names = "--debug",
                scope = ScopeType.INHERIT,
                description = "Show stack traces, and log more; also VIBRISSA_DEBUG=1.")
        private boolean debug;

        private final boolean debugBySetting;

        @Spec
        private @Nullable CommandSpec spec;

        Vibrissa(boolean debugBySetting) {
            this.debugBySetting = debugBySetting;
        }

        boolean isDebug() {
            return debug || debugBySetting;
        }

        /** Without a command there is nothing to do but to say which there are. */
        @Override
        public void run() {
            if (spec != null) {
                spec.commandLine().usage(spec.commandLine().getOut());
            }
        }
    }
}
