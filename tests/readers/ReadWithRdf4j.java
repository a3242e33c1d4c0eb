import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.rio.helpers.BasicParserSettings;

/** Reads RDF files with Eclipse RDF4J: for each pair of arguments, what is in the first is written to the second as N-Quads. */
public class ReadWithRdf4j {
    public static void main(String[] arguments) throws IOException {
        for (int i = 0; i < arguments.length; i += 2) {
            RDFFormat format = Rio.getParserFormatForFileName(arguments[i]).orElseThrow();
            RDFParser parser = Rio.createParser(format);
            parser.getParserConfig().set(BasicParserSettings.VERIFY_LANGUAGE_TAGS, true);
            try (InputStream in = Files.newInputStream(Path.of(arguments[i]));
                    OutputStream out = Files.newOutputStream(Path.of(arguments[i + 1]))) {
                parser.setRDFHandler(Rio.createWriter(RDFFormat.NQUADS, out));
                parser.parse(in, "http://base.invalid/");
            }
        }
    }
}
