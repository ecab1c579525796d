package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a folder. */
@Timeout(60)
class FolderLockTest {
    @TempDir
    Path folder = Path.of("");

    /** Another process: holds a folder until it is killed. */
    public static void main(String[] arguments) throws IOException {
        try (var _ = FolderLock.hold(Path.of(arguments[0]))) {
            System.out.println("held");
            System.in.read();
        }
    }

    @Test
    void isOneProcessAndNobodyAfterItsEnd() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FolderLockTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> FolderLock.hold(folder))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(folder.toRealPath() + " is in use by another process");
        } finally {
            other.destroyForcibly().waitFor();
        }
        FolderLock.hold(folder).close();
    }

    @Test
    void isOneInThisProcessAlsoAfterAnotherTried() throws Exception {
        try (var _ = FolderLock.hold(folder)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> FolderLock.hold(folder)).isInstanceOf(FolderInUseException.class);
            }
        }
        FolderLock.hold(folder).close();
    }
}
