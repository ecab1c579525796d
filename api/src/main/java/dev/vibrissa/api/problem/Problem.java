package dev.vibrissa.api.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A problem document.
 *
 * @param type what kind of problem, stable for programs
 * @param title the same for people, equal for all problems of the type
 * @param status HTTP status
 * @param detail this very occurrence, with its numbers
 * @param field the parameter at fault, where input is
 * @param instance the path asked for
 * @param correlationId finds the fault in our log
 * @see "RFC 9457"
 */
@Schema(description = "A problem document as of RFC 9457.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        @Schema(examples = "urn:vibrissa:problem:bad-input") String type,

        @Schema(examples = "The request has a parameter that cannot be read")
        String title,

        @Schema(examples = "400") int status,

        @Schema(examples = "limit is a whole number from 1 to 1000, not '0'")
        String detail,

        @Schema(description = "The parameter at fault.", examples = "limit") @Nullable
        String field,

        @Schema(description = "The path asked for.", examples = "/v1/blobs") @Nullable
        String instance,

        @Schema(description = "Finds an unexpected fault in the log.") @Nullable
        String correlationId) {
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(Kind kind, String detail) {
        return new Problem(kind.urn(), kind.title, kind.status, detail, null, null, null);
    }

    Problem withField(String name) {
        return new Problem(type, title, status, detail, name, instance, correlationId);
    }

    Problem withInstance(String path) {
        return new Problem(type, title, status, detail, field, path, correlationId);
    }

    Problem withCorrelationId(String id) {
        return new Problem(type, title, status, detail, field, instance, id);
    }

    /** The kinds of problem there are. */
    enum Kind {
        BAD_INPUT(400, "The request has a parameter that cannot be read"),
        BAD_REQUEST(400, "The request cannot be read"),
        UNAUTHORIZED(401, "It takes a key to do this"),
        FORBIDDEN(403, "Whoever asks may not do this"),
        NOT_FOUND(404, "There is no such thing"),
        NOT_INDEXED(404, "The state asked for is not indexed"),
        GONE(410, "It is no longer kept"),
        METHOD_NOT_ALLOWED(405, "The resource does not know this method"),
        NOT_ACCEPTABLE(406, "The resource has no such representation"),
        BODY_TOO_LARGE(413, "The request body is too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "The request body has a type that is not read here"),
        TOO_MANY(429, "There are as many as there may be"),
        TOO_OFTEN(429, "More was asked than is answered"),
        INTERNAL_FAULT(500, "The server failed"),
        NOTHING_INDEXED(503, "Nothing is indexed yet"),
        DATABASE_UNAVAILABLE(503, "The database is not available"),
        TOOK_TOO_LONG(504, "The answer took too long");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        String urn() {
            return "urn:vibrissa:problem:"
                    + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
