package dev.vibrissa.api.maintenance;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One declaration. */
@Schema(name = "Maintenance")
record MaintenanceView(
        SuiAddress nodeId,
        Instant from,

        @Schema(description = "Exclusive.") Instant to,

        String reason,

        @Schema(enumeration = {"operator", "admin"}) String declaredBy,

        Instant declaredAt,

        @Schema(description = "In how many verifiers' logs it stands: from there on scores show a second figure.")
        int logs) {
    /** All of a node. */
    @Schema(name = "MaintenanceList")
    record Listing(AsOf asOf, List<MaintenanceView> items) implements Table {
        @Override
        public List<MaintenanceView> rows() {
            return items;
        }
    }

    /** What became of a notice. */
    @Schema(name = "MaintenanceAccepted")
    record Accepted(
            SuiAddress nodeId,

            @Schema(enumeration = {"operator", "admin"}) String declaredBy) {}
}
