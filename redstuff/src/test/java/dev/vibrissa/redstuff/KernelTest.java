package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.redstuff.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the kernel is chosen, in processes of their own, since the choice is made once. */
class KernelTest {
    private static final String BLOB_ID = "hlykhHkQSpvcE299ZzC385IAEuzLTpm6hUC5Njdm4JM"; // bytes 0 to 9, n = 1000

    /** Prints the kernel and the id of a small blob. */
    public static final class Main {
        public static void main(String[] arguments) {
            byte[] blob = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            var metadata = new BlobEncoder(new EncodingConfig(1000)).metadata(MemorySegment.ofArray(blob));
            System.out.println(Kernel.chosen() + " " + metadata.blobId());
        }
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... options) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        Path err = java.nio.file.Files.createTempFile("kernel", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(err.toFile()).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), out.strip(), java.nio.file.Files.readString(err));
        } finally {
            java.nio.file.Files.delete(err);
        }
    }

    @Test
    void withoutTheModuleScalarCodeServes() throws Exception {
        Ran ran = run();
        assertThat(ran.out()).isEqualTo("scalar " + BLOB_ID);
        assertThat(ran.err()).contains("kernel=scalar reason=\"no module jdk.incubator.vector\"");
    }

    @Test
    void withTheModuleTheProcessorDecides() throws Exception {
        Ran ran = run("--add-modules", Kernel.VECTOR_MODULE);
        assertThat(ran.out()).matches("(narrow|wide) " + BLOB_ID);
        assertThat(ran.err()).contains("reason=\"processor\"");
    }

    @Test
    void aKernelCanBeForced() throws Exception {
        for (String kernel : List.of("scalar", "narrow", "wide")) {
            Ran ran = run("--add-modules", Kernel.VECTOR_MODULE, "-D" + Kernel.PROPERTY + "=" + kernel);
            assertThat(ran.out()).isEqualTo(kernel + " " + BLOB_ID);
            assertThat(ran.err()).contains("kernel=" + kernel + " reason=\"forced\"");
        }
    }

    @Test
    void forcingVectorsWithoutTheModuleIsRefused() throws Exception {
        Ran ran = run("-D" + Kernel.PROPERTY + "=narrow");
        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.err()).contains("needs java --add-modules jdk.incubator.vector");
    }

    @Test
    void anUnknownKernelIsRefused() throws Exception {
        Ran ran = run("-D" + Kernel.PROPERTY + "=turbo");
        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.err()).contains("is 'turbo', not one of [scalar, narrow, wide]");
    }
}
