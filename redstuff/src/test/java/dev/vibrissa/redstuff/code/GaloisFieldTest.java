package dev.vibrissa.redstuff.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.redstuff.Vectors;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class GaloisFieldTest {
    private static final JsonNode TABLES = Vectors.read("tables.json");

    @Test
    void tablesAreThoseOfTheVector() {
        int[] walsh = ErrorLocator.walshOfLogarithms();
        check("exp", GaloisField.ORDER, GaloisField::exp);
        check("log", GaloisField.ORDER, GaloisField::log);
        check("skew", GaloisField.MODULUS, GaloisField::skew);
        check("logWalsh", GaloisField.ORDER, i -> walsh[i]);
    }

    private static void check(String name, int entries, IntUnaryOperator table) {
        byte[] bytes = new byte[2 * entries];
        for (int i = 0; i < entries; i++) {
            bytes[2 * i] = (byte) table.applyAsInt(i);
            bytes[2 * i + 1] = (byte) (table.applyAsInt(i) >>> 8);
        }
        assertThat(Vectors.sha256(bytes)).as(name).isEqualTo(TABLES.get(name).asText());
    }

    @Test
    void multiplicationDistributesOverAddition() {
        for (int a = 1; a < GaloisField.ORDER; a += 257) {
            int log = GaloisField.log(a);
            for (int b = 0; b < GaloisField.ORDER; b += 1021) {
                int c = b * 31 & 0xffff;
                assertThat(GaloisField.multiply(b ^ c, log))
                        .isEqualTo(GaloisField.multiply(b, log) ^ GaloisField.multiply(c, log));
            }
        }
    }
}
