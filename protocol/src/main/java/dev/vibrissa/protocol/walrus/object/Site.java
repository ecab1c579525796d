package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Optional;

/**
 * A web site whose files are blobs; they are its dynamic fields, {@link SiteResource}. What a site tells of itself is
 * anybody's text.
 *
 * @param metadata absent where the package that defines the site keeps none in it
 * @see "Move: walrus_site::site::Site"
 */
public record Site(SuiAddress id, String name, Optional<SiteMetadata> metadata) implements WalrusObject {
    /** What the owner tells of the site. */
    public record SiteMetadata(
            Optional<String> link,
            Optional<String> imageUrl,
            Optional<String> description,
            Optional<String> projectUrl,
            Optional<String> creator) {
        static SiteMetadata decode(BcsReader in) {
            return new SiteMetadata(text(in), text(in), text(in), text(in), text(in));
        }

        private static Optional<String> text(BcsReader in) {
            return in.option(BcsReader::string);
        }

        void encode(BcsWriter out) {
            out.option(link, BcsWriter::string)
                    .option(imageUrl, BcsWriter::string)
                    .option(description, BcsWriter::string)
                    .option(projectUrl, BcsWriter::string)
                    .option(creator, BcsWriter::string);
        }
    }

    /** Packages differ in whether metadata follow the name: what bytes there are tells. */
    public static Site decode(BcsReader in) {
        return new Site(
                SuiAddress.decode(in),
                in.string(),
                in.remaining() == 0 ? Optional.empty() : Optional.of(SiteMetadata.decode(in)));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.string(name);
        metadata.ifPresent(each -> each.encode(out));
    }
}
