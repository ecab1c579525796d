package dev.vibrissa.migrations;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The account PostgreSQL runs under, and the words before its command line that make it so. PostgreSQL refuses to be
 * root, hence:
 *
 * <ul>
 *   <li>an ordinary user runs it as itself;
 *   <li>root runs it as the owner of the data directory, if that is somebody else;
 *   <li>root over a directory of root's runs it in a user namespace ({@code unshare -U}), where it is nobody to itself
 *       and has no privileges, while the files stay root's;
 *   <li>where namespaces are forbidden (many containers), root gives the directory to uid 65534 and runs it as that.
 * </ul>
 *
 * <p>Always, {@code setpriv --pdeathsig INT} has the kernel ask for a fast shutdown the moment this JVM is gone, however
 * it went, and {@code setsid} keeps a Ctrl-C in the terminal from reaching PostgreSQL before us.
 *
 * @param dropsRoot whether we are root and files made by us must be handed over
 * @param prefix complete but for the program
 */
record ServerAccount(int uid, int gid, boolean dropsRoot, List<String> prefix) {
    private static final Logger LOG = Logger.getLogger(ServerAccount.class);
    private static final int ROOT = 0;
    private static final int NOBODY = 65_534;

    /**
     * The account fit for this directory, which exists and may change hands as said above.
     *
     * @throws PostgresUnavailableException on another system than Linux on x86-64, or where a tool is missing
     */
    static ServerAccount fitting(Path dataDirectory) throws IOException {
        requireLinux(System.getProperty("os.name"), System.getProperty("os.arch"));
        int uid = number(dataDirectory, "unix:uid");
        int gid = number(dataDirectory, "unix:gid");
        boolean root = number(Path.of("/proc/self"), "unix:uid") == ROOT;
        if (!root) {
            return new ServerAccount(uid, gid, false, dyingWithUs());
        }
        if (uid == ROOT && namespacesAllowed()) {
            return new ServerAccount(uid, gid, false, dyingWithUs(tool("unshare"), "-U"));
        }
        if (uid == ROOT) {
            LOG.infof("no user namespaces here: giving %s to uid=%d", dataDirectory, NOBODY);
            FileTree.giveTo(NOBODY, NOBODY, dataDirectory);
            return asAnother(NOBODY, NOBODY);
        }
        return asAnother(uid, gid);
    }

    /** Root running the server as somebody else. */
    static ServerAccount asAnother(int uid, int gid) {
        List<String> prefix = Stream.concat(
                        dyingWithUs().stream(), Stream.of("--reuid=" + uid, "--regid=" + gid, "--clear-groups"))
                .toList();
        return new ServerAccount(uid, gid, true, prefix);
    }

    /**
     * The command line that runs a program under this account. Should this JVM die before setpriv has asked for the
     * signal, none would ever come; so once asked for, a shell makes sure that we are still the parent.
     */
    List<String> command(List<String> program) {
        String us = Long.toString(ProcessHandle.current().pid());
        return Stream.of(prefix, List.of("/bin/sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", us), program)
                .flatMap(List::stream)
                .toList();
    }

    /** Hands over a file we made. */
    void own(Path file) throws IOException {
        if (dropsRoot) {
            FileTree.giveTo(uid, gid, file);
        }
    }

    private static List<String> dyingWithUs(String... between) {
        return Stream.of(
                        Stream.of(tool("setsid")), Stream.of(between), Stream.of(tool("setpriv"), "--pdeathsig", "INT"))
                .flatMap(words -> words)
                .toList();
    }

    static void requireLinux(String system, String architecture) {
        if (!system.equals("Linux") || !architecture.equals("amd64")) {
            throw new PostgresUnavailableException(
                    "The embedded PostgreSQL runs on Linux on x86-64, not on %s on %s; set VIBRISSA_DB_URL to use one of yours"
                            .formatted(system, architecture));
        }
    }

    /** Absolute, since the server's environment has no PATH of the user's. */
    static String tool(String name) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new PostgresUnavailableException(
                        "The embedded PostgreSQL needs %s of util-linux, which is not here; install util-linux, or set VIBRISSA_DB_URL to use a PostgreSQL of yours"
                                .formatted(name)));
    }

    private static boolean namespacesAllowed() throws IOException {
        Process probe = new ProcessBuilder(tool("unshare"), "-U", "/bin/true")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            probe.destroyForcibly();
        }
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer) Files.getAttribute(path, attribute);
    }
}
