import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Formatted {
    InputStream items(String token, String extra) throws Exception {
        URL url = new URL(String.format("https://inventory.zoho.com/api/v1/items?authtoken=%s%s", token, extra));
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        return connection.getInputStream();
    }
}
