package dev.vibrissa.devnet.node;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What a node answers. */
sealed interface Answer {
    int code();

    String contentType();

    Buffer body();

    /** A value in BCS. */
    record Bcs(Buffer body) implements Answer {
        Bcs(byte[] bytes) {
            this(Buffer.buffer(bytes));
        }

        @Override
        public int code() {
            return 200;
        }

        @Override
        public String contentType() {
            return "application/octet-stream";
        }
    }

    /** A value in JSON: text, a number, or an object. */
    record Json(int code, Object data) implements Answer {
        Json(Object data) {
            this(200, data);
        }

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public Buffer body() {
            return new JsonObject()
                    .put("success", new JsonObject().put("code", code).put("data", data))
                    .toBuffer();
        }
    }

    /** An explained refusal. */
    record Refused(Reason reason, String message) implements Answer, Looked {
        @Override
        public int code() {
            return reason.status().code();
        }

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public Buffer body() {
            var info = new JsonObject()
                    .put("@type", "ErrorInfo")
                    .put("reason", reason.word())
                    .put("domain", reason.domain())
                    .put("metadata", new JsonObject());
            var details = new JsonArray().add(info);
            if (reason == Reason.INTERNAL_ERROR) {
                details.add(new JsonObject()
                        .put("@type", "DebugInfo")
                        .put("stackEntries", new JsonArray())
                        .put("detail", message));
            }
            var error = new JsonObject()
                    .put("code", code())
                    .put("status", reason.status().name())
                    .put("message", message)
                    .put("details", details);
            return new JsonObject().put("error", error).toBuffer();
        }
    }

    /** A page, or a plain refusal of what the framework of real nodes refuses: a path or query that cannot be read. */
    record Text(int code, String contentType, String text) implements Answer {
        @Override
        public Buffer body() {
            return Buffer.buffer(text);
        }
    }
}
