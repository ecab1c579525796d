package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;

/**
 * What an operator announced, as it stands in the log. It excuses nothing: probes inside are counted all the same, and
 * once more apart.
 *
 * @param to exclusive
 * @param declaredBy {@code operator} or {@code admin}
 * @param declaration as it came, with the operator's signature if it has one
 */
public record MaintenanceRecord(
        SuiAddress nodeId, Instant from, Instant to, String reason, String declaredBy, String declaration) {
    boolean covers(SuiAddress node, Instant moment) {
        return nodeId.equals(node) && !moment.isBefore(from) && moment.isBefore(to);
    }
}
