package dev.vibrissa.server.audit;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Documents of audits, held against the schemas that strangers get. */
final class AuditSchemas {
    private AuditSchemas() {}

    /** What is wrong with each document, by a schema such as {@code audit-log-v1}. */
    static List<String> faults(String schema, List<String> documents) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                AuditSchemas.class.getResourceAsStream("/schemas/%s.schema.json".formatted(schema)), schema)) {
            var held = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
            return documents.stream()
                    .flatMap(document -> held.validate(document, InputFormat.JSON).stream()
                            .map(error -> "%s in %s".formatted(error, document)))
                    .limit(5)
                    .toList();
        }
    }
}
