import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Fetch {
    static InputStream fetch(String address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        return connection.getInputStream();
    }

    static InputStream items(String token) throws IOException {
        return fetch("https://books.zoho.com/api/v3/items?authtoken=" + token);
    }

    static InputStream weather(String city) throws IOException {
        return fetch("https://api.weather.example.com/v1/now?city=" + city);
    }
}
