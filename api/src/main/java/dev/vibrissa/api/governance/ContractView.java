package dev.vibrissa.api.governance;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the shared System object says from a transaction on.
 *
 * @param newPackageId committed, not migrated to
 */
@Schema(name = "Contract")
record ContractView(
        @Schema(examples = "4057") long checkpoint,

        @Schema(description = "-1: as reported before the first checkpoint.", examples = "0")
        int txIndex,

        @Schema(description = "Null where it was reported before the first checkpoint.") @Nullable
        Step step,

        Instant timestamp,

        @Schema(description = "Version in force.", examples = "4")
        String version,

        SuiAddress packageId,

        @Schema(description = "A package that is committed, and not migrated to.") @Nullable
        SuiAddress newPackageId,

        @Schema(description = "Object id of the System's inner state.")
        SuiAddress systemInnerObject,

        @Schema(description = "Object id of Staking's inner state.") @Nullable
        SuiAddress stakingInnerObject,

        @Schema(description = "This transaction brought the version into force.")
        boolean migrated) {}
