package dev.vibrissa.devnet.node;

/** Why a node refuses, in the words of its API: with the domain this identifies an error. */
enum Reason {
    METADATA_NOT_FOUND(Status.NOT_FOUND),
    SLIVER_NOT_FOUND(Status.NOT_FOUND),
    FORBIDDEN_BLOB(Status.UNAVAILABLE_FOR_LEGAL_REASONS),
    INDEX_OUT_OF_RANGE(Status.INVALID_ARGUMENT),
    SHARD_NOT_ASSIGNED(Status.INVALID_ARGUMENT),
    SYMBOL_NOT_PRESENT_AT_SHARDS(Status.INVALID_ARGUMENT),
    NO_SYMBOLS_SPECIFIED(Status.INVALID_ARGUMENT),
    INVALID_FILTER(Status.INVALID_ARGUMENT),
    NO_TARGET_SLIVERS_SPECIFIED(Status.INVALID_ARGUMENT),
    RECOVERY_SYMBOL_OUT_OF_RANGE(Status.INVALID_ARGUMENT),
    NOT_REGISTERED(Status.FAILED_PRECONDITION),
    MISSING_SLIVERS(Status.FAILED_PRECONDITION),
    INVALID_BLOB(Status.FAILED_PRECONDITION),
    INVALID_METADATA(Status.INVALID_ARGUMENT),
    UNSUPPORTED_ENCODING_TYPE(Status.INVALID_ARGUMENT),
    INVALID_SLIVER(Status.INVALID_ARGUMENT),
    SLIVER_INDEX_MISMATCH(Status.INVALID_ARGUMENT),
    SLIVER_TOO_LARGE(Status.INVALID_ARGUMENT),
    INVALID_CONTENT_TYPE(Status.INVALID_ARGUMENT),
    INVALID_PROOF(Status.INVALID_ARGUMENT),
    /** {@code METADATA_NOT_FOUND} to those who bring slivers or proofs: they should have brought metadata first. */
    METADATA_DUE(Status.FAILED_PRECONDITION),
    UNAVAILABLE(Status.UNAVAILABLE),
    INTERNAL_ERROR(Status.INTERNAL);

    /** A status word, and the code of HTTP that goes with it. */
    enum Status {
        INVALID_ARGUMENT(400),
        FAILED_PRECONDITION(400),
        NOT_FOUND(404),
        UNAVAILABLE_FOR_LEGAL_REASONS(451),
        INTERNAL(500),
        UNAVAILABLE(503);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private final Status status;

    Reason(Status status) {
        this.status = status;
    }

    Status status() {
        return status;
    }

    /** As it stands in an answer. */
    String word() {
        return this == METADATA_DUE ? METADATA_NOT_FOUND.name() : name();
    }

    String domain() {
        return switch (this) {
            case UNAVAILABLE, INTERNAL_ERROR -> "global";
            default -> "storage.walrus.space";
        };
    }
}
