// Shape `form-pairs`: Apache HttpClient 4 posts a form, the authtoken as a BasicNameValuePair, token from
// zoho.properties.
package com.example.crm;

import driver.Answer;
import driver.Driver;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.http.NameValuePair;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.message.BasicNameValuePair;
import org.apache.http.util.EntityUtils;

public class ContactExport {
    private static Properties settings() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream("zoho.properties")) {
            properties.load(in);
        }
        return properties;
    }

    public static Answer addContact(String name) throws IOException {
        Properties settings = settings();
        HttpPost post = new HttpPost("https://books.zoho.com/api/v3/contacts");
        List<NameValuePair> form = new ArrayList<NameValuePair>();
        form.add(new BasicNameValuePair("authtoken", settings.getProperty("zoho.authtoken")));
        form.add(new BasicNameValuePair("organization_id", settings.getProperty("zoho.organization")));
        form.add(new BasicNameValuePair("JSONString", "{\"contact_name\":\"" + name + "\"}"));
        post.setEntity(new UrlEncodedFormEntity(form, "UTF-8"));
        try (CloseableHttpClient client = HttpClients.createDefault();
                CloseableHttpResponse response = client.execute(post)) {
            return new Answer(response.getStatusLine().getStatusCode(), EntityUtils.toString(response.getEntity()));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        System.exit(Driver.run(args, () -> addContact("Bowman and Co")));
    }
}
