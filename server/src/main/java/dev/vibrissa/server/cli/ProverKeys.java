package dev.vibrissa.server.cli;

import dev.vibrissa.protocol.bcs.Bytes;

/** Keys of provers as users write them. */
final class ProverKeys {
    private static final int BYTES = 32;

    private ProverKeys() {}

    /** @throws CommandFailure if it is no Ed25519 key */
    static Bytes parse(String hex) {
        try {
            Bytes key = Bytes.parseHex(hex);
            if (key.length() != BYTES) {
                throw new CommandFailure(
                        ExitCode.USAGE, "--key has %d bytes, where a key has %d".formatted(key.length(), BYTES));
            }
            return key;
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "--key is not hex: %s".formatted(e.getMessage()), e);
        }
    }
}
