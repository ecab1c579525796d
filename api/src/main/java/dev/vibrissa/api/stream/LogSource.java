package dev.vibrissa.api.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.audit.AuditStream;
import dev.vibrissa.api.sql.Snapshot;
import java.util.Optional;

/**
 * The audit log of one prover. A position is the first entry that was not read.
 *
 * @param prover key of the log, in hex
 */
record LogSource(String prover, ObjectMapper mapper) implements Source {
    @Override
    public String name() {
        return prover;
    }

    @Override
    public long end(Snapshot db) {
        return AuditStream.end(db, prover).next();
    }

    @Override
    public Batch after(Snapshot db, long position) {
        var heard = AuditStream.after(db, new AuditStream.Position(prover, position));
        return new Batch(
                heard.events().stream()
                        .map(each -> new StreamEvent(
                                prover, each.sequence() + 1, each.name(), json(each.data()), Optional.empty()))
                        .toList(),
                heard.next().next(),
                0);
    }

    private String json(Object data) {
        try {
            return mapper.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
