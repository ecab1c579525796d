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

    /** A full node or an archive: {@code grpc://host:port}, or {@code grpcs://host:port} with TLS. */
    record Node(URI address) implements Source {
        /** The public ones count the requests of each address. */
        boolean isPublic() {
            return address.getHost().endsWith(".sui.io");
        }
    }

    /** Reads an address that begins with http://, https://, grpc:// or grpcs://, or else a path, which must exist. */
    final class Converter implements ITypeConverter<Source> {
        @Override
        public Source convert(String text) {
            if (text.startsWith("http://") || text.startsWith("https://")) {
                return store(text);
            }
            if (text.startsWith("grpc://") || text.startsWith("grpcs://")) {
                return node(text);
            }
            if (!Files.exists(Path.of(text))) {
                throw new TypeConversionException("there is no file or folder '%s'".formatted(text));
            }
            return new Local(Path.of(text).toAbsolutePath().normalize());
        }

        private static Node node(String text) {
            try {
                var address = URI.create(text);
                boolean isBare =
                        address.getRawPath().isEmpty() || address.getRawPath().equals("/");
                if (address.getHost() != null
                        && isBare
                        && address.getQuery() == null
                        && address.getFragment() == null) {
                    return new Node(URI.create("%s://%s".formatted(address.getScheme(), address.getRawAuthority())));
                }
            } catch (IllegalArgumentException _) {
                // Said below, in our own words.
            }
            throw new TypeConversionException(
                    "'%s' is not the address of a full node: grpc://host:port, or grpcs://host:port".formatted(text));
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
