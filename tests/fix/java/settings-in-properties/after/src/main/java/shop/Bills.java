package shop;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Properties;

public class Bills {
    private final Properties settings = new Properties();

    public Bills() throws IOException {
        try (InputStream in = Bills.class.getResourceAsStream("/zoho.properties")) {
            settings.load(in);
        }
    }

    public int count() throws IOException {
        URL url = new URL("https://books.zoho.eu/api/v3/bills?organization_id=" + settings.getProperty("zoho.organization"));
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail());
        return connection.getResponseCode();
    }
}
