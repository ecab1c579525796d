package dev.vibrissa.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that the command line leaves out: the variable {@code VIBRISSA_DATA} stands for {@code --data}, and
 * the line {@code data=…} of the configuration file for the variable. Of the three, the command line wins over the
 * environment and the environment over the file.
 */
final class Settings implements IDefaultValueProvider {
    private static final String PREFIX = "VIBRISSA_";

    /** Settings that are no options: a password does not belong on a command line, where every user can read it. */
    private static final Set<String> BEYOND_OPTIONS = Set.of("db-url", "db-user", "db-password");

    private static final Set<String> NO_DEFAULT = Set.of("help", "version");

    private final Path file;
    private final Map<String, String> fromFile;
    private final Map<String, String> all;

    private Settings(Path file, Map<String, String> fromFile, Map<String, String> environment) {
        this.file = file;
        this.fromFile = fromFile;
        var merged = new HashMap<String, String>();
        fromFile.forEach((key, value) -> merged.put(variable(key), value));
        merged.putAll(environment);
        this.all = Map.copyOf(merged);
    }

    /**
     * Reads the file that {@code VIBRISSA_CONFIG} names, else {@code vibrissa/config.properties} in the user's
     * configuration folder, which may be absent.
     *
     * @throws CommandFailure if a file was named and is not there, or cannot be read
     */
    static Settings read(Map<String, String> environment) {
        var named = Optional.ofNullable(environment.get("VIBRISSA_CONFIG")).map(Path::of);
        Path file = named.orElseGet(() -> configurationFolder(environment).resolve("vibrissa/config.properties"));
        if (named.isEmpty() && !Files.exists(file)) {
            return new Settings(file, Map.of(), environment);
        }
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the configuration file %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        var values = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return new Settings(file, Map.copyOf(values), environment);
    }

    private static Path configurationFolder(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return xdg.isEmpty() ? home(environment).resolve(".config") : Path.of(xdg);
    }

    private static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }

    /** The environment, with the file's values where it says nothing. */
    Map<String, String> asEnvironment() {
        return all;
    }

    /** Where programs of this user keep their data. */
    Path dataHome() {
        String xdg = all.getOrDefault("XDG_DATA_HOME", "");
        return xdg.isEmpty() ? home(all).resolve(".local/share") : Path.of(xdg);
    }

    boolean isDebug() {
        return isTrue(all.getOrDefault(variable("debug"), ""));
    }

    /** A misspelt key must not go unnoticed. */
    void refuseUnknownKeys(CommandLine program) {
        for (String key : fromFile.keySet()) {
            if (!BEYOND_OPTIONS.contains(key) && !isOption(program, key)) {
                throw new CommandFailure(
                        ExitCode.USAGE, "the configuration file %s has an unknown key '%s'".formatted(file, key));
            }
        }
    }

    private static boolean isOption(CommandLine command, String key) {
        return command.getCommandSpec().findOption("--" + key) != null
                || command.getSubcommands().values().stream().anyMatch(sub -> isOption(sub, key));
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String key = option.longestName().substring(2);
        if (NO_DEFAULT.contains(key)) {
            return null;
        }
        String value = all.get(variable(key));
        if (value == null || value.isBlank()) {
            return null;
        }
        boolean isFlag = option.type() == boolean.class;
        return isFlag ? Boolean.toString(isTrue(value)) : value.strip();
    }

    private static boolean isTrue(String value) {
        return value.equals("1") || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes");
    }

    private static String variable(String key) {
        return PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
