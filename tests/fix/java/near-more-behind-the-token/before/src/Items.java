import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Items {
    InputStream items(String token, String extra) throws Exception {
        URL url = new URL("https://inventory.zoho.com/api/v1/items?authtoken=" + token + extra);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        return connection.getInputStream();
    }
}
