package dev.vibrissa.redstuff.quilt;

import dev.vibrissa.redstuff.BcsInput;
import dev.vibrissa.redstuff.RedStuffFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;

/** The fields that an index and the header of a file have in common. */
final class QuiltFields {
    private static final int MIN_TAG_BYTES = 2;

    private QuiltFields() {}

    /** Decodes BCS that takes all of {@code bytes}. */
    static <T> T decode(String what, byte[] bytes, Function<BcsInput, T> type) {
        try {
            return BcsInput.decode(bytes, type);
        } catch (RedStuffFormatException e) {
            throw new QuiltFormatException("%s: %s".formatted(what, e.getMessage()), e);
        }
    }

    static String string(BcsInput in) {
        return string(in.bytes());
    }

    private static String string(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new QuiltFormatException("a text of %d bytes is not UTF-8".formatted(utf8.length), e);
        }
    }

    /** A map has its keys in the order of their BCS, where a shorter key comes first: any other order is another spelling of the same. */
    static SequencedMap<String, String> tags(BcsInput in) {
        var tags = new LinkedHashMap<String, String>();
        byte[][] last = {null};
        in.list(MIN_TAG_BYTES, each -> {
            byte[] key = each.bytes();
            byte[] before = last[0];
            if (before != null
                    && (before.length != key.length
                            ? before.length > key.length
                            : Arrays.compareUnsigned(before, key) >= 0)) {
                throw new QuiltFormatException("tag %d does not follow the one before".formatted(tags.size()));
            }
            last[0] = key;
            tags.put(string(key), string(each));
            return key.length;
        });
        return tags;
    }
}
