package dev.vibrissa.api.openapi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Which fields are always there and which may be null, as the records that are answered say it. A schema does not know its
 * record; but the names of all fields together do.
 */
final class Presence {
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
    private static final String API = "dev.vibrissa.api.";

    /** By the names of a record's components: those that may be null. */
    private final Map<Set<String>, Set<String>> nullables = new HashMap<>();

    Presence(IndexView index) {
        index.getKnownClasses().stream()
                .filter(each -> each.isRecord() && each.name().toString().startsWith(API))
                .forEach(each -> learn(each.recordComponents()));
    }

    private void learn(List<RecordComponentInfo> components) {
        var names = new HashSet<String>();
        var nullable = new HashSet<String>();
        for (RecordComponentInfo each : components) {
            names.add(each.name());
            if (each.type().hasAnnotation(NULLABLE)) {
                nullable.add(each.name());
            }
        }
        nullables.computeIfAbsent(names, _ -> new HashSet<>()).addAll(nullable);
    }

    /** Says it in the schema of an object. */
    void complete(Schema schema) {
        var properties = schema.getProperties();
        var nullable = properties == null ? null : nullables.get(properties.keySet());
        boolean isSaid =
                schema.getRequired() != null && !schema.getRequired().isEmpty(); // by what is asked for, as a body
        if (properties == null || nullable == null || isSaid) {
            return;
        }
        var required = new ArrayList<>(properties.keySet());
        required.removeAll(nullable);
        schema.setRequired(required);
        var completed = new LinkedHashMap<>(properties);
        nullable.forEach(name -> completed.computeIfPresent(name, (_, property) -> orNull(property)));
        schema.setProperties(completed);
    }

    private static Schema orNull(Schema property) {
        if (property.getRef() == null) {
            return property.getType() == null ? property : property.addType(Schema.SchemaType.NULL);
        }
        return OASFactory.createSchema()
                .description(property.getDescription())
                .addAnyOf(OASFactory.createSchema().ref(property.getRef()))
                .addAnyOf(OASFactory.createSchema().addType(Schema.SchemaType.NULL));
    }
}
