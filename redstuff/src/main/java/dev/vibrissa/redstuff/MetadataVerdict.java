package dev.vibrissa.redstuff;

/** What verifying a storage node's metadata came to. */
public sealed interface MetadataVerdict {
    /** The metadata is that of the blob asked for. */
    record Accepted(VerifiedMetadata metadata) implements MetadataVerdict {}

    /**
     * It is not.
     *
     * @param detail a sentence with the numbers
     */
    record Refused(Reason reason, String detail) implements MetadataVerdict {}

    /** In the order in which it is looked for. */
    enum Reason {
        /** Not BCS of metadata, or of another encoding type. */
        DECODE_ERROR,
        /** Not as many pairs as shards. */
        INVALID_HASH_COUNT,
        /** Longer than a blob can be. */
        UNENCODED_LENGTH_TOO_LARGE,
        /** The blob id in it is not the one that follows from it. */
        BLOB_ID_MISMATCH,
        /** Sound metadata of another blob. */
        WRONG_BLOB_ID
    }
}
