import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.apache.http.NameValuePair;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.message.BasicNameValuePair;
import org.apache.http.util.EntityUtils;

public class Login {
    static final String AUTH_URL = "https://accounts.zoho.com/apiauthtoken/nb/create";

    String report(CloseableHttpClient client, String user, String secret) throws Exception {
        HttpPost post = new HttpPost(AUTH_URL);
        List<NameValuePair> form = new ArrayList<NameValuePair>();
        form.add(new BasicNameValuePair("SCOPE", "ZohoProjects/projectsapi"));
        form.add(new BasicNameValuePair("EMAIL_ID", user));
        form.add(new BasicNameValuePair("PASSWORD", secret));
        post.setEntity(new UrlEncodedFormEntity(form));
        String answer = EntityUtils.toString(client.execute(post).getEntity());
        StringTokenizer parts = new StringTokenizer(answer, "=\n");
        String token = null;
        while (parts.hasMoreTokens()) {
            if ("AUTHTOKEN".equals(parts.nextToken())) {
                token = parts.nextToken();
            }
        }
        HttpGet get = new HttpGet("https://projectsapi.zoho.com/restapi/portals/");
        get.addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return EntityUtils.toString(client.execute(get).getEntity());
    }
}
