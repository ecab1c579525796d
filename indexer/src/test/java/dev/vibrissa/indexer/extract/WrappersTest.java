package dev.vibrissa.indexer.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WrappersTest {
    private static final SuiAddress VAULT = SuiAddress.parse("0x14");
    private static final SuiAddress LOG = SuiAddress.parse("0x15");

    private final Random random = new Random(7);
    private final Wrappers wrappers = new Wrappers();

    private Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private static Bytes joined(Bytes... parts) {
        var all = new ByteArrayOutputStream();
        for (Bytes part : parts) {
            all.writeBytes(part.toByteArray());
        }
        return Bytes.of(all.toByteArray());
    }

    @Test
    void anObjectIsInTheOneThatHoldsItsBytes() {
        var stake = bytes(82);
        wrappers.seek(stake);
        wrappers.lookInto(LOG, joined(bytes(3), stake.slice(0, 32)));
        wrappers.lookInto(VAULT, joined(bytes(40), stake, bytes(9)));
        assertThat(wrappers.of(stake)).contains(VAULT);
    }

    @Test
    void oneThatChangedOnTheWayIsKnownByItsId() {
        var stake = bytes(82);
        wrappers.seek(stake);
        wrappers.lookInto(LOG, bytes(200));
        wrappers.lookInto(VAULT, joined(stake.slice(0, 32), bytes(50)));
        assertThat(wrappers.of(stake)).contains(VAULT);
        assertThat(wrappers.of(bytes(82))).isEmpty();
    }

    /** A cut end is no find, and no fault. */
    @Test
    void whatOnlyBeginsAlikeIsAnother() {
        var stake = bytes(82);
        wrappers.seek(stake);
        assertThatNoException().isThrownBy(() -> wrappers.lookInto(VAULT, joined(bytes(5), stake.slice(0, 31))));
        wrappers.lookInto(VAULT, Bytes.EMPTY);
        assertThat(wrappers.of(stake)).isEmpty();
    }
}
