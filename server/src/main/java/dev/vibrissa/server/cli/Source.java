package dev.vibrissa.server.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where checkpoints come from, as named on the command line. */
sealed interface Source {
    /** A checkpoint file, or a folder of them. */
    record Local(Path path) implements Source {}

    /** An HTTP checkpoint store that serves {@code {sequence number}.binpb.zst}. */
    record Store(URI base) implements Source {}

    /** Reads an address that begins with http:// or https://, or else a path, which must exist. */
    final class Converter implements ITypeConverter<Source> {
        @Override
        public Source convert(String text) {
            if (text.startsWith("http://") || text.startsWith("https://")) {
                return store(text);
            }
            if (!Files.exists(Path.of(text))) {
                throw new TypeConversionException("there is no file or folder '%s'".formatted(text));
            }
            return new Local(Path.of(text).toAbsolutePath().normalize());
        }

        private static Store store(String text) {
            try {
                var base = URI.create(text);
                if (base.getHost() != null && base.getQuery() == null && base.getFragment() == null) {
                    return new Store(base);
                }
            } catch (IllegalArgumentException _) {
                // Said below, in our own words.
            }
            throw new TypeConversionException(
                    "'%s' is not the address of a checkpoint store: scheme, host and path only".formatted(text));
        }
    }
}
