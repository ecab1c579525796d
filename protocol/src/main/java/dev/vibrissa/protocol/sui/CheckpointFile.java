package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;

/**
 * Reads checkpoints as stores and archives keep them. What a file is, its content tells; the name is for messages,
 * and tells only the two uncompressed formats apart.
 *
 * <ul>
 *   <li>{@code .binpb.zst}: one zstd frame around one {@code sui.rpc.v2.Checkpoint}, whose parts are BCS. A part we
 *       cannot decode spoils only itself.
 *   <li>{@code .binpb}: the same, not compressed.
 *   <li>{@code .chk}: BCS {@code CheckpointData}, with or without a tag byte 0x01 before it. A variant we do not know
 *       loses the whole file.
 * </ul>
 */
public final class CheckpointFile {
    private CheckpointFile() {}

    /**
     * @param file the bytes, handed over: the checkpoint looks into them and they must not be modified afterwards
     * @param name of the file, for messages
     * @throws CheckpointFormatException if the file is no checkpoint or exceeds {@link ZstdFrame#MAX_BYTES}
     */
    public static Checkpoint read(byte[] file, String name) {
        try {
            if (file.length > ZstdFrame.MAX_BYTES) {
                throw new CheckpointFormatException(
                        name, "%d bytes; we read up to %d".formatted(file.length, ZstdFrame.MAX_BYTES));
            }
            if (ZstdFrame.isOne(file)) {
                return CheckpointProto.read(ZstdFrame.decompress(file, name), name);
            }
            return name.endsWith(".chk") ? readChk(file, name) : CheckpointProto.read(file, name);
        } catch (BcsException e) {
            throw new CheckpointFormatException(name, String.valueOf(e.getMessage()), e);
        }
    }

    /** A first byte 0x01 may be the tag or epoch 1: it is the tag if all bytes after it make a checkpoint. */
    private static Checkpoint readChk(byte[] file, String name) {
        if (file.length > 0 && file[0] == 1) {
            try {
                return CheckpointChk.read(Bytes.of(file, 1, file.length - 1), name);
            } catch (BcsException | CheckpointFormatException tagged) {
                try {
                    return CheckpointChk.read(Bytes.of(file), name);
                } catch (BcsException | CheckpointFormatException bare) {
                    tagged.addSuppressed(bare);
                    throw tagged; // the store writes the tag, so this is the likelier fault
                }
            }
        }
        return CheckpointChk.read(Bytes.of(file), name);
    }
}
