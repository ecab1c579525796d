package dev.vibrissa.redstuff.kernel;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How the machine is used: by the JDK's Vector API or without it.
 *
 * <p>The choice is made once, at first use, and logged under the name {@code dev.vibrissa.redstuff}. The system property
 * {@value #PROPERTY} forces one: {@code scalar}, {@code narrow} or {@code wide}. Vectors need the module
 * {@value #VECTOR_MODULE} ({@code java --add-modules jdk.incubator.vector …}).
 */
public enum Kernel {
    /** Plain Java: table look-ups, one hash at a time. */
    SCALAR,
    /** Byte shuffles of 128 bits; hashes in lanes of the preferred width. */
    NARROW,
    /** Byte shuffles of 512 bits, which need AVX-512 VBMI; hashes in eight lanes. */
    WIDE;

    /** The system property that forces a kernel. */
    public static final String PROPERTY = "vibrissa.redstuff.kernel";

    /** The module of the JDK that vectors need. */
    public static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** The kernel of this process. */
    public static Kernel chosen() {
        return Choice.MADE;
    }

    /** Whether the module for vectors was added to this process. */
    public static boolean vectorsThere() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Made on first use, so that {@code main} can still force it. */
    private static final class Choice {
        static final Kernel MADE = make();

        private static Kernel make() {
            String forced = System.getProperty(PROPERTY);
            Kernel kernel = forced != null ? parse(forced) : vectorsThere() ? ofProcessor() : SCALAR;
            String reason = forced != null ? "forced" : vectorsThere() ? "processor" : "no module " + VECTOR_MODULE;
            System.getLogger("dev.vibrissa.redstuff").log(Level.INFO, "kernel={0} reason=\"{1}\"", kernel, reason);
            return kernel;
        }

        private static Kernel parse(String name) {
            Kernel kernel = Stream.of(values())
                    .filter(each -> each.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s is '%s', not one of %s".formatted(PROPERTY, name, Arrays.toString(values()))));
            if (kernel != SCALAR && !vectorsThere()) {
                throw new IllegalStateException(
                        "%s=%s needs java --add-modules %s".formatted(PROPERTY, name, VECTOR_MODULE));
            }
            return kernel;
        }

        /** The Vector API does not tell whether a wide byte shuffle is one instruction or many, so the processor is asked. */
        private static Kernel ofProcessor() {
            if (PreferredWidth.BITS < 512) {
                return NARROW;
            }
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" avx512vbmi")) ? WIDE : NARROW;
            } catch (IOException e) {
                return NARROW; // not Linux: right everywhere, if not the fastest
            }
        }
    }

    /** Apart, because it cannot be loaded without the module. */
    private static final class PreferredWidth {
        static final int BITS = jdk.incubator.vector.ByteVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
