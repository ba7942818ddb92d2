import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates by json-schema-validator.
 *
 * Arguments: the files of the schemas. On standard input a body a line, in Base64. On standard output an array a line,
 * of two objects: numbers with a fraction read as double, and as BigDecimal. In each `unread`, why it is no JSON value to
 * Java, or `verdicts`: for each schema its failing keywords, each with `location`, the schema's $id and the JSON Pointer
 * of the keyword, and `missing`, the attribute that is missing, or null.
 */
public final class Networknt {
    private final List<JsonMapper> readers = List.of(reader(false), reader(true));
    private final List<Schema> schemas = new ArrayList<>();

    private Networknt(List<String> files) throws IOException {
        JsonMapper mapper = readers.get(0);
        Map<String, String> byId = new HashMap<>();
        List<String> ids = new ArrayList<>();
        for (String file : files) {
            String text = Files.readString(Path.of(file));
            String id = mapper.readTree(text).get("$id").asString();
            byId.put(id, text);
            ids.add(id);
        }
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(byId));
        for (String id : ids) {
            schemas.add(registry.getSchema(SchemaLocation.of(id)));
        }
    }

    private static JsonMapper reader(boolean decimal) {
        return JsonMapper.builder()
            .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, decimal)
            // More than one value is no JSON.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    }

    private String judge(byte[] body) {
        ArrayNode answers = readers.get(0).createArrayNode();
        for (JsonMapper reader : readers) {
            judge(body, reader, answers.addObject());
        }
        return answers.toString();
    }

    private void judge(byte[] body, JsonMapper reader, ObjectNode answer) {
        JsonNode value;
        try {
            value = reader.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (CharacterCodingException | JacksonException error) {
            answer.put("unread", error.getClass().getSimpleName());
            return;
        }
        if (value.isMissingNode()) {
            answer.put("unread", "nothing is there");
            return;
        }
        ArrayNode verdicts = answer.putArray("verdicts");
        for (Schema schema : schemas) {
            ArrayNode failing = verdicts.addArray();
            for (Error error : schema.validate(value)) {
                failing.addObject()
                    .put("location", error.getSchemaLocation().toString())
                    .put("missing", error.getProperty());
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        Networknt validator = new Networknt(List.of(arguments));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(validator.judge(Base64.getDecoder().decode(line)));
        }
        out.flush();
    }
}
