package dev.vibrissa.verifier.node;

import java.util.List;
import java.util.Map;

/**
 * A GET and what its answer may be.
 *
 * @param path below the node's root, such as {@code v1/health}
 * @param query names and values in order, a name perhaps more than once
 * @param bodyBytes bound of a body that answers it
 * @param exact whether such a body has exactly so many bytes
 */
record Question(String path, List<Map.Entry<String, String>> query, Form form, int bodyBytes, boolean exact) {
    /** What the body is. */
    enum Form {
        JSON("application/json"),
        BCS("application/octet-stream");

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }

        String mediaType() {
            return mediaType;
        }
    }

    static Question json(String path, int mostBytes) {
        return new Question(path, List.of(), Form.JSON, mostBytes, false);
    }

    static Question bcs(String path, int bytes, boolean exact) {
        return new Question(path, List.of(), Form.BCS, bytes, exact);
    }
}
